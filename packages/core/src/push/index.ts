// Messages to browsers: topics, who is subscribed to them, and the queue that delivers. Connections are product/socket's.

export { compose, Message, ownerOfTopic, sessionTopic, topicOf, userTopic } from "./message.ts";
export { closeSockets, type Notice, notify, send, sendIfSubscribed } from "./send.ts";
export { type Subscription, subscribe, subscribersOf, unsubscribe, unsubscribeAll } from "./subscriptions.ts";

import { isoSeconds } from "../clock.ts";
import { characterWhole, type Family } from "./endpoint.ts";

export const notification: Family = {
  GetCharactersCharacterIdNotifications: characterWhole(({ life }) =>
    life.notices.list().map((notice) => {
      const { senderId, text } = life.notices.letter(notice);
      return {
        // What was there when the pilot last logged in has been read; of the rest ESI says nothing.
        ...(notice.atMs <= life.lastLoginMs ? { is_read: true } : {}),
        notification_id: notice.noticeId,
        sender_id: senderId,
        sender_type: notice.kind.sender,
        text,
        timestamp: isoSeconds(notice.atMs),
        type: notice.kind.type,
      };
    }),
  ),
};

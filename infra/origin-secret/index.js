const { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } = require("@aws-sdk/client-ssm");
const { randomBytes } = require("node:crypto");

// What CDK wraps around a handler logs the answer, and with it the secret.
console.log = () => undefined;

const unless = (name) => (error) => {
  if (error.name !== name) throw error;
};

/**
 * Hands a stack the secret that an SSM parameter keeps. The stack that owns the parameter makes it, by chance and once, and
 * takes it away; CloudFormation shows the answer to nobody (NoEcho).
 */
exports.handler = async ({ RequestType, ResourceProperties: { Name, Owner } }) => {
  const client = new SSMClient({});
  if (RequestType === "Delete") {
    if (Owner === "true") await client.send(new DeleteParameterCommand({ Name })).catch(unless("ParameterNotFound"));
    return {};
  }
  if (Owner === "true") {
    const made = { Name, Type: "SecureString", Value: randomBytes(48).toString("base64url") };
    await client.send(new PutParameterCommand(made)).catch(unless("ParameterAlreadyExists"));
  }
  const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
  // Under another name it is another resource: CloudFormation then takes the old one away.
  return { PhysicalResourceId: Name, NoEcho: true, Data: { Value: Parameter.Value } };
};

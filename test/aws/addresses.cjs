// Loaded into every Node process of `pnpm verify:aws` (NODE_OPTIONS): names of AWS lead to the emulator, as DNS would lead them
// to AWS. So everything uses the addresses that the deployment made, and nothing can reach AWS.
const tls = require("node:tls");

const { connect } = tls;
const ofAws = /(^|\.)(amazonaws\.com|cloudfront\.net)$/;

tls.connect = (options, ...rest) => {
  if (typeof options !== "object" || !ofAws.test(options.host ?? "")) return connect(options, ...rest);
  const { hostname, port } = new URL(process.env.AWS_ENDPOINT_URL);
  return connect({ ...options, host: hostname, port, servername: options.servername || options.host }, ...rest);
};

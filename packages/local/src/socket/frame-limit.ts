/**
 * Watches the raw bytes of a client's WebSocket for frames that announce more payload than the limit; `ws` shows
 * whole messages only. Feed it every chunk in order. RFC 6455, section 5.2.
 */
export function createFrameLimit(limitBytes: number): (chunk: Buffer) => boolean {
  let header: number[] = [];
  let skip = 0;

  /** Payload plus mask, once the header is complete. */
  function announced(): number | undefined {
    const [, second = 0] = header;
    if (header.length < 2) return undefined;
    const short = second & 0x7f;
    const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (header.length < 2 + extra) return undefined;
    return extra === 0 ? short : header.slice(2).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  /** True when a frame is larger than allowed. */
  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - at);
        skip -= step;
        at += step;
        continue;
      }
      header.push(chunk[at++] ?? 0);
      const payload = announced();
      if (payload === undefined) continue;
      if (payload > limitBytes) return true;
      const masked = ((header[1] ?? 0) & 0x80) !== 0;
      skip = payload + (masked ? 4 : 0);
      header = [];
    }
    return false;
  };
}

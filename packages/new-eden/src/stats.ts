/** What was asked of New Eden, to hold a client to account. */
export class Stats {
  requests: Record<string, Record<string, number>> = {};
  sent429 = 0;
  sent420 = 0;

  /** `injected` refusals are the control API's doing, not the client's. */
  count(operationId: string, outcome: number | string, isInjected: boolean): void {
    const byStatus = this.requests[operationId] ?? {};
    this.requests[operationId] = { ...byStatus, [outcome]: (byStatus[outcome] ?? 0) + 1 };
    if (isInjected) return;
    if (outcome === 429) this.sent429 += 1;
    if (outcome === 420) this.sent420 += 1;
  }

  reset(): void {
    this.requests = {};
    this.sent429 = 0;
    this.sent420 = 0;
  }
}

import { type Finding, ok, warning } from "./report";

/** A time that was told in an answer, and when that was asked and answered here. All in milliseconds since 1970. */
export interface Measurement {
  readonly sent: number;
  readonly received: number;
  readonly shown: number;
  /** How much later than shown it may have been: a Date header has whole seconds. */
  readonly granularity: number;
}

/** From what difference on it is worth a warning, in milliseconds. */
const TOO_MUCH = 60_000;

/** By how much the other clock is ahead of this one at least, in milliseconds: 0 if the round trip explains it all. */
export function difference({ sent, received, shown, granularity }: Measurement): number {
  const [least, most] = [shown - received, shown + granularity - sent];
  if (least > 0) return least;
  return most < 0 ? most : 0;
}

/** How two clocks agree. */
export function clockFinding(measurement: Measurement, whose: string): Finding {
  const off = difference(measurement);
  if (off === 0) {
    const { sent, received, granularity } = measurement;
    return ok(
      "clock",
      `${whose} agrees with this machine's, to within ${spell(received - sent + granularity)}`,
    );
  }
  const found = `${whose} is ${spell(Math.abs(off))} ${off > 0 ? "ahead of" : "behind"} this machine's`;
  if (Math.abs(off) < TOO_MUCH) return ok("clock", found);
  return warning(
    "clock",
    found,
    "Tokens, certificates and sessions expire by these clocks. Let both machines keep theirs by NTP.",
  );
}

function spell(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 120) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`;
}

import { InvalidArgumentError } from "commander";

/** Parses how long to wait, in seconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 3600)) {
    throw new InvalidArgumentError("It must be a number of seconds, from 0 to 3600.");
  }
  return value;
}

/** Parses a number of days, such as `90d`. */
export function days(text: string): number {
  const [, number] = /^(\d{1,5})d$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError("It must be a whole number of days, such as 90d.");
  return Number(number);
}

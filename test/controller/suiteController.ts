import { after, before } from "node:test";
import { ControllerUnderTest } from "./controllerUnderTest";

/** The controller of a test file or a `describe`: it starts before the first test, and ends after the last one. */
export function suiteController(
  options?: Parameters<typeof ControllerUnderTest.start>[0],
): ControllerUnderTest {
  let started: ControllerUnderTest | undefined;
  before(async () => {
    started = await ControllerUnderTest.start(options);
  });
  after(() => started?.[Symbol.asyncDispose]());
  return new Proxy(ControllerUnderTest.prototype, {
    get(_, name) {
      const value = started && Reflect.get(started, name);
      return typeof value === "function" ? value.bind(started) : value;
    },
  });
}

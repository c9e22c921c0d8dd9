/** Lets no more than so many steps be under way at the same time. The others wait for their turn, in their order. */
export function limiting(most: number): <T>(step: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (step) => {
    // A call that ends passes the place on, so that none that comes just then gets in between.
    if (running < most) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await step();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

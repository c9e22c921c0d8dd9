import { findEngine } from "./engine";

// Says where the engine is, after making it if there was none.
async function main(): Promise<void> {
  const engine = await findEngine();
  console.log(`Pulumi ${engine.version}: ${engine.command}`);
}

main().catch((failure) => {
  console.error(failure instanceof Error ? failure.message : failure);
  process.exitCode = 1;
});

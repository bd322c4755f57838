// Runs the engine beside the page, so that the page never waits.

// The engine is built by `scripts/playground`, and not in the repository.
const engine = import("./engine/engine.js").then(async (engine) => {
  await engine.default();
  return engine;
});
engine.catch(() => {});

onmessage = async ({ data: { name, args } }) => {
  let loaded;
  try {
    loaded = await engine;
  } catch (error) {
    postMessage({ error: `the engine cannot be loaded: ${error.message}` });
    return;
  }
  try {
    postMessage({ answer: loaded[name](...args) });
  } catch (error) {
    const isFault = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    postMessage({ error: isFault ? `the engine failed: ${error.message}` : error.message });
  }
};

// The engine in its worker: one call at a time, and a new worker where one was lost.

/** How long a call may take, in milliseconds. */
const PATIENCE = 20_000;

export class Engine {
  #worker = null;
  #last = Promise.resolve();

  /** What the function `name` of the engine answers, as data. */
  call(name, ...args) {
    const answer = this.#last.then(() => this.#ask(name, args));
    this.#last = answer.catch(() => {});
    return answer;
  }

  #ask(name, args) {
    this.#worker ??= new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const lost = (reason) => {
        // What a fault leaves behind is not to be used again.
        worker.terminate();
        this.#worker = null;
        reject(new Error(reason));
      };
      const timer = setTimeout(() => lost("it took longer than 20 seconds"), PATIENCE);
      worker.onmessage = ({ data }) => {
        clearTimeout(timer);
        if (data.error === undefined) resolve(JSON.parse(data.answer));
        else lost(data.error);
      };
      worker.onerror = (event) => {
        clearTimeout(timer);
        event.preventDefault();
        lost("the engine cannot be loaded");
      };
      worker.postMessage({ name, args });
    });
  }
}

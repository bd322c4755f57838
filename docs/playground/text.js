// Texts and places in them.
//
// A text field of a browser shows LF at the end of each line. The text itself keeps the line ends that it
// came with; both are needed, for what is checked, saved and shared is the text itself.

/** How many of the sorted `numbers` are below `limit`. */
export function below(numbers, limit) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where each line of `text` begins. Lines end with LF. */
function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** A text and what a field shows of it. All offsets are in UTF-16 code units, as in every JavaScript string. */
export class Text {
  constructor(whole) {
    /** The text itself. */
    this.whole = whole;
    /** What a field shows. */
    this.shown = whole.replace(/\r\n?/g, "\n");
    /** Where each line of `shown` begins. */
    this.lines = lineStarts(this.shown);
    // Where lines begin for the engine: it counts LF and CRLF, but no CR alone.
    this.wholeLines = lineStarts(whole);
    // The offsets in `shown` of line ends that are CRLF.
    this.pairs = [];
    if (this.shown.length !== whole.length) {
      for (let at = whole.indexOf("\r\n"); at !== -1; at = whole.indexOf("\r\n", at + 2)) {
        this.pairs.push(at - this.pairs.length);
      }
    }
  }

  /** The line end of a new line. */
  get lineEnd() {
    return this.pairs.length > 0 ? "\r\n" : "\n";
  }

  /** The offset in `shown` of a position of the report: line and column from 1. */
  offset({ line, utf16 }) {
    const at = (this.wholeLines[line - 1] ?? this.whole.length) + utf16 - 1;
    // A pair whose offset in the whole text is below `at` has its CR before it.
    let [low, high] = [0, this.pairs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.pairs[middle] + middle < at) low = middle + 1;
      else high = middle;
    }
    return Math.min(at - low, this.shown.length);
  }

  /** The line, from 0, of an offset in `shown`. */
  line(offset) {
    return below(this.lines, offset + 1) - 1;
  }

  /** The text after somebody changed the field so that it shows `shown`, which makes this difference. */
  edited(shown, { start, end, text } = difference(this.shown, shown)) {
    const inside = (offset) => offset + below(this.pairs, offset);
    const added = text.replaceAll("\n", this.lineEnd);
    const edited = new Text(this.whole.slice(0, inside(start)) + added + this.whole.slice(inside(end)));
    // A LF that comes to stand behind a CR makes one line end of two.
    return edited.shown === shown ? edited : new Text(shown);
  }
}

/** The smallest part of `before` whose replacement makes it `after`. */
export function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let same = 0;
  while (same < most - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}

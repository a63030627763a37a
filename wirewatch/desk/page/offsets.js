/* Annotations count Unicode code points, JavaScript counts UTF-16 units: everything is converted here. */

/* The text's code points, as an array of strings: its indices are annotations' offsets. */
export const codePoints = (text) => Array.from(text);

/* Cut a text where marks begin and end: [{text, marks}], in order, nothing lost. Marks may overlap;
 * one that reaches beyond the text, or holds nothing, is cut to what is there or left out. */
export function cut(text, marks) {
  const points = codePoints(text);
  const sound = marks
    .map((mark) => ({ ...mark, start: Math.max(0, mark.start), end: Math.min(points.length, mark.end) }))
    .filter((mark) => mark.start < mark.end)
    .sort((one, other) => one.start - other.start);
  const borders = new Set([0, points.length]);
  for (const { start, end } of sound) borders.add(start).add(end);
  const sorted = [...borders].sort((one, other) => one - other);
  const pieces = [];
  let open = [];
  let next = 0;
  for (let i = 0; i + 1 < sorted.length; i += 1) {
    const [start, end] = [sorted[i], sorted[i + 1]];
    open = open.filter((mark) => mark.end > start);
    while (next < sound.length && sound[next].start === start) open.push(sound[next++]);
    pieces.push({ text: points.slice(start, end).join(""), marks: [...open] });
  }
  return pieces;
}

/* The same, a line at a time: a list of lists of pieces, without the line breaks. */
export function cutLines(text, marks) {
  const lines = [];
  let offset = 0;
  for (const line of text.split("\n")) {
    const length = codePoints(line).length;
    const here = marks.filter((mark) => mark.start < offset + length && mark.end > offset);
    lines.push(
      cut(
        line,
        here.map((mark) => ({ ...mark, start: mark.start - offset, end: mark.end - offset })),
      ),
    );
    offset += length + 1;
  }
  return lines;
}

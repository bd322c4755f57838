// The effective configuration as a picture, from its outline (docs/effective.md): the way of a request at the
// left, the exporters beside or below it.

import { svg } from "./dom.js";

const GAP = 26;
const LAYER = 44;
const EXPORTER = 62;

/** From this width on, in pixels, the exporters stand beside the gateway. */
const WIDE = 460;

/** Below this width, in pixels, nothing is drawn: the place has no room yet. */
const LEAST = 120;

/** The most exporters that are drawn. */
const MOST = 20;

const signals = (traces, metrics) =>
  [traces && "traces", metrics && "metrics"].filter(Boolean).join(", ") || "nothing";

const reports = ({ stage, round_trip, read_payload }) => stage.value || round_trip.value || read_payload.value;

/** `text` in at most `width` pixels, cut at its end. */
function fitting(text, width, size) {
  const most = Math.max(4, Math.floor(width / (size * 0.58)));
  const characters = [...text];
  return characters.length <= most ? text : characters.slice(0, most - 1).join("") + "…";
}

function box({ x, y, width, height, kind, title, lines = [] }) {
  const middle = y + height / 2 - lines.length * 8;
  const text = (line, nth) =>
    svg(
      "text",
      { x: x + width / 2, y: middle + nth * 16, class: nth === 0 ? "name" : "" },
      fitting(line, width - 12, nth === 0 ? 13.5 : 12),
      svg("title", {}, line),
    );
  const radius = kind === "outside" ? height / 2 : 6;
  return svg(
    "g",
    { class: kind },
    svg("rect", { x, y, width, height, rx: radius }),
    [title, ...lines].map(text),
  );
}

const arrow = (d, isSignal = false) =>
  svg("path", { d, class: isSignal ? "signal" : "request", "marker-end": "url(#arrow)" });

function exporter(it) {
  if (it.kind === "otlp") {
    const protocol = it.protocol.value === "http" ? "HTTP" : "gRPC";
    const end = it.possible ? `to ${it.address}` : `to ${it.address}: cannot be reached`;
    const how = `OTLP over ${protocol}, ${it.tls ? "TLS" : "plaintext"}`;
    return { title: it.name.value || "without a name", lines: [`${signals(it.traces.value, it.metrics.value)}; ${how}`, end] };
  }
  const metrics = signals(false, it.metrics.value);
  const address = it.listen.value === "" ? "" : `${it.listen.value}:`;
  return { title: it.name.value || "without a name", lines: [metrics, `Prometheus fetches from ${address}${it.port.value}`] };
}

/** The picture of `outline`, `width` pixels wide; `null` where no telemetry is in force, or there is no room. */
export function draw(outline, width) {
  const { layers, service } = outline;
  if (layers === null || service === null || width < LEAST) return null;
  const isWide = width >= WIDE;
  const left = isWide ? 0.5 : 22;
  const flow = isWide ? Math.min(210, width * 0.38) : width - left - 1;
  const middle = left + flow / 2;
  const parts = [];
  const pill = (y, title) =>
    box({ x: middle - 55, y, width: 110, height: 30, kind: "outside", title });
  parts.push(pill(1, "clients"), arrow(`M${middle} 31V${31 + GAP - 2}`));

  const top = 31 + GAP;
  const levels = [
    ["global", layers.global.traces.value, layers.global.metrics.value],
    ["proxy", layers.proxy.traces.value, layers.proxy.metrics.value],
    ["backend", reports(layers.backend.traces), reports(layers.backend.metrics)],
  ];
  const height = 30 + levels.length * (LAYER + 8) + 4;
  const gateway = svg(
    "g",
    { class: "gateway" },
    svg("rect", { x: left, y: top, width: flow, height, rx: 8 }),
    svg("text", { x: middle, y: top + 16, class: "name" }, fitting(service.name.value || "gateway", flow - 12, 13.5)),
  );
  parts.push(gateway);
  levels.forEach(([name, traces, metrics], nth) => {
    const y = top + 30 + nth * (LAYER + 8);
    const lines = [signals(traces, metrics)];
    parts.push(box({ x: left + 10, y, width: flow - 20, height: LAYER, kind: "layer", title: `${name} layer`, lines }));
  });

  const bottom = top + height;
  const sent = service.propagates_to_backends ? "traceparent" : "no traceparent";
  parts.push(arrow(`M${middle} ${bottom}V${bottom + GAP + 8}`));
  parts.push(svg("text", { x: middle + 8, y: bottom + GAP / 2 + 4, class: "label" }, sent));
  parts.push(pill(bottom + GAP + 10, "backends"));

  const end = bottom + GAP + 41;
  const x = isWide ? left + flow + 52 : left;
  const first = isWide ? top : end + GAP;
  const trunk = isWide ? left + flow + 24 : 8;
  const edge = isWide ? left + flow : left;
  const all = outline.exporters;
  const drawn = all.slice(0, MOST).map(exporter);
  if (all.length > MOST) drawn.push({ title: `${all.length - MOST} more`, lines: [] });
  const room = width - x - 1;
  drawn.forEach((it, nth) => {
    const y = first + nth * (EXPORTER + 12);
    parts.push(box({ x, y, width: room, height: EXPORTER, kind: "exporter", ...it }));
    parts.push(arrow(`M${edge} ${top + height / 2}H${trunk}V${y + EXPORTER / 2}H${x - 2}`, true));
  });
  const last = drawn.length === 0 ? 0 : first + drawn.length * (EXPORTER + 12) - 10;
  const total = Math.max(end, last) + 2;
  const names = drawn.map(({ title }) => title).join(", ");
  const label = `Requests pass the global, proxy and backend layers of the gateway; exporters: ${names || "none"}. The text below says the same and more.`;
  return svg(
    "svg",
    { class: "diagram", role: "img", "aria-label": label, viewBox: `0 0 ${width} ${total}`, width, height: total },
    svg(
      "defs",
      {},
      svg(
        "marker",
        { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto" },
        svg("path", { d: "M0 0L8 4L0 8z", class: "head" }),
      ),
    ),
    parts,
  );
}

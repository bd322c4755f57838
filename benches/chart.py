"""A bar chart as SVG, for `benches/peers`."""

from xml.sax.saxutils import escape

WIDTH, LABEL, BAR = 720, 130, 440
COLORS = {"otel-lint": "#2f9e6e"}
OTHERS = "#9aa5b1"


def svg(groups):
    """`groups`: (title, {name: seconds}), each drawn to its own scale."""
    parts, y = [], 8
    for title, times in groups:
        y += 22
        parts.append(f'<text x="8" y="{y}" font-weight="bold">{escape(title)}</text>')
        longest = max(times.values())
        for name, seconds in times.items():
            y += 24
            width = max(1, BAR * seconds / longest)
            color = COLORS.get(name, OTHERS)
            figure = f"{seconds * 1e3:.1f} ms"
            parts += [
                f'<text x="{LABEL - 8}" y="{y}" text-anchor="end">{escape(name)}</text>',
                f'<rect x="{LABEL}" y="{y - 12}" width="{width:.1f}" height="16" rx="2" fill="{color}"/>',
                f'<text x="{LABEL + width + 8:.1f}" y="{y}">{figure}</text>',
            ]
        y += 14
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 8}" '
        f'viewBox="0 0 {WIDTH} {y + 8}" font-family="sans-serif" font-size="13" fill="#57606a">\n'
        f"<title>Time of whole processes; shorter is better</title>\n{body}\n</svg>\n"
    )

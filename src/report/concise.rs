use super::FileReport;
pub fn render(r: &FileReport) -> String {
    r.findings
        .iter()
        .map(|f| {
            let p = r.source.position(f.primary.span.start);
            format!(
                "{}:{}:{}: {}[{}] {}\n",
                r.source.name(),
                p.line,
                p.column,
                f.severity,
                f.rule,
                f.message
            )
        })
        .collect()
}

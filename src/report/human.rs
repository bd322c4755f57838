use super::FileReport;
#[derive(Clone, Copy)]
pub struct Style {
    pub width: usize,
    pub color: bool,
    pub unicode: bool,
}
pub fn render(r: &FileReport, _: Style) -> String {
    super::concise::render(r)
}

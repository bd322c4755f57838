//! What the gateway does with a flexible configuration, each value with the file it comes from.

use super::origins::Origins;
use crate::linter::Options;
use crate::outline::{self, NoOutline, Outline};
use crate::source::Span;
use crate::template::{Place, Project, Rendered};

/// What the gateway does with what `project`, which people know as `name`, is `rendered` to. Lines are
/// those of the templates and settings.
///
/// # Errors
/// If that cannot be told.
pub fn outlines(
    project: &Project,
    mut rendered: Rendered,
    name: &str,
    options: &Options,
) -> Result<Vec<Outline>, NoOutline> {
    let text = super::source(project, std::mem::take(&mut rendered.text));
    let origins = Origins::new(project, &rendered, &text, &[]);
    let places = |span: Span| {
        let Place { file, span } = origins.origin(span);
        let source = &project.file(file).source;
        let is_base = file == project.base();
        outline::Place {
            file: (!is_base).then(|| source.name().to_owned()),
            ..outline::place(source, span)
        }
    };
    outline::of_rendered(&text, name, options, &places)
}

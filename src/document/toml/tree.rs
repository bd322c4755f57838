//! The tables of a file as they belong together: TOML may write the parts of one table at several
//! places, and may not write one twice.

use std::collections::HashMap;

use super::faults::Faults;
use crate::document::Kind;
use crate::source::Span;

/// The name of a value: its index.
pub(super) type ValueId = usize;

/// A key, or one part of a dotted one.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// Where it is written, quotes included.
    pub span: Span,
    /// What it says.
    pub text: Box<str>,
    /// Whether that is what stands between its quotes.
    pub is_plain: bool,
}

/// A value of any kind.
#[derive(Debug)]
pub(super) struct Value {
    /// Where it is written; of a table or array whose parts stand apart, where it begins.
    pub span: Span,
    pub content: Content,
}

/// What a value holds.
#[derive(Debug)]
pub(super) enum Content {
    /// A scalar, and its text where that is not what is written.
    Scalar(Kind, Option<String>),
    Array {
        items: Vec<ValueId>,
        form: Form,
    },
    Table {
        members: Vec<(Key, ValueId)>,
        form: Form,
    },
}

/// How a table or array came to be, which says who may add to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Between brackets, and still open.
    Unfinished,
    /// Between brackets: nothing can be added.
    Inline,
    /// Only named on the way to something below it, by a dotted key or a header.
    Implied,
    /// By a header of its own.
    Headed,
}

/// All values of a file; the root table is the first.
#[derive(Debug)]
pub(super) struct Tree {
    values: Vec<Value>,
    /// The last member of a table with this name.
    index: HashMap<(ValueId, Box<str>), usize>,
}

const AGAIN: &str = "The gateway refuses the whole file. Keep one of the two.";

impl Tree {
    pub(super) const ROOT: ValueId = 0;

    pub(super) fn new() -> Self {
        let root = table(Span::default(), Form::Implied);
        Self { values: vec![root], index: HashMap::new() }
    }

    pub(super) fn value(&self, id: ValueId) -> &Value {
        &self.values[id]
    }

    /// Adds a value that belongs to nothing yet.
    pub(super) fn add(&mut self, value: Value) -> ValueId {
        self.values.push(value);
        self.values.len() - 1
    }

    /// Gives the array `array` the item `item`.
    pub(super) fn append(&mut self, array: ValueId, item: ValueId) {
        if let Content::Array { items, .. } = &mut self.values[array].content {
            items.push(item);
        }
    }

    /// Ends the array or inline table `id` before `end`.
    pub(super) fn close(&mut self, id: ValueId, end: u32) {
        let value = &mut self.values[id];
        value.span.end = end.max(value.span.start);
        if let Content::Array { form, .. } | Content::Table { form, .. } = &mut value.content {
            *form = Form::Inline;
        }
    }

    /// Gives the table `parent` a member. One in brackets may have a key twice: the last one wins.
    pub(super) fn define(
        &mut self,
        parent: ValueId,
        key: Key,
        value: ValueId,
        faults: &mut Faults,
    ) {
        if let Some((first, _)) = self.member(parent, &key.text)
            && self.form(parent) != Some(Form::Unfinished)
        {
            faults
                .error(key.span, "this key is defined twice")
                .related(first.span, "first defined here")
                .help(AGAIN.to_owned());
        }
        self.insert(parent, key, value);
    }

    /// The table that the parts `path` lead to from the table `from`; it is made if need be.
    pub(super) fn descend(
        &mut self,
        from: ValueId,
        path: impl IntoIterator<Item = Key>,
        faults: &mut Faults,
    ) -> ValueId {
        path.into_iter().fold(from, |table, key| self.step(table, key, faults))
    }

    fn step(&mut self, parent: ValueId, key: Key, faults: &mut Faults) -> ValueId {
        let building = self.form(parent) == Some(Form::Unfinished);
        if let Some((first, value)) = self.member(parent, &key.text) {
            // Through a list of tables the way leads to its last one.
            let value = self.last_table(value).unwrap_or(value);
            match self.form(value).filter(|_| self.is_table(value)) {
                Some(Form::Implied | Form::Headed | Form::Unfinished) => return value,
                _ if building => {}
                Some(Form::Inline) => {
                    faults
                        .error(key.span, "nothing can be added to a table between brackets")
                        .related(first.span, "it is complete here")
                        .help("Write what belongs to it between its brackets.".to_owned());
                }
                None => {
                    faults
                        .error(key.span, "this is no table, so it can have no keys")
                        .related(first.span, "it has a value here")
                        .help("Give one of the two another name.".to_owned());
                }
            }
        }
        let made = self.add(table(key.span, Form::Implied));
        self.insert(parent, key, made);
        made
    }

    /// The table of the header `[…]` at `header`, whose last part `key` is in `parent`.
    pub(super) fn header(
        &mut self,
        parent: ValueId,
        key: Key,
        header: Span,
        faults: &mut Faults,
    ) -> ValueId {
        if let Some((first, id)) = self.member(parent, &key.text) {
            if self.is_table(id) && self.form(id) == Some(Form::Implied) {
                self.values[id] = Value {
                    span: header,
                    content: match std::mem::replace(
                        &mut self.values[id].content,
                        Content::Scalar(Kind::Null, None),
                    ) {
                        Content::Table { members, .. } => {
                            Content::Table { members, form: Form::Headed }
                        }
                        other => other,
                    },
                };
                return id;
            }
            let message = if self.last_table(id).is_some() {
                "this is a list of tables: its parts are headed `[[…]]`"
            } else {
                "this table is defined twice"
            };
            faults.error(key.span, message).related(first.span, "first defined here").help(AGAIN.into());
            if self.is_table(id) && self.form(id) == Some(Form::Headed) {
                return id;
            }
        }
        let made = self.add(table(header, Form::Headed));
        self.insert(parent, key, made);
        made
    }

    /// A new item of the list of tables headed `[[…]]` at `header`.
    pub(super) fn list_header(
        &mut self,
        parent: ValueId,
        key: Key,
        header: Span,
        faults: &mut Faults,
    ) -> ValueId {
        let item = self.add(table(header, Form::Headed));
        if let Some((first, list)) = self.member(parent, &key.text) {
            if self.last_table(list).is_some() {
                self.append(list, item);
                return item;
            }
            faults
                .error(key.span, "this is no list of tables")
                .related(first.span, "it has another value here")
                .help(
                    "The gateway refuses the whole file. Give one of the two another name.".into(),
                );
        }
        let content = Content::Array { items: vec![item], form: Form::Headed };
        let list = self.add(Value { span: header, content });
        self.insert(parent, key, list);
        item
    }

    fn insert(&mut self, parent: ValueId, key: Key, value: ValueId) {
        let name = key.text.clone();
        if let Content::Table { members, .. } = &mut self.values[parent].content {
            self.index.insert((parent, name), members.len());
            members.push((key, value));
        }
    }

    fn member(&self, table: ValueId, name: &str) -> Option<(Key, ValueId)> {
        let at = *self.index.get(&(table, name.into()))?;
        match &self.values[table].content {
            Content::Table { members, .. } => Some(members[at].clone()),
            _ => None,
        }
    }

    /// The last item of a list that holds tables only.
    fn last_table(&self, list: ValueId) -> Option<ValueId> {
        let Content::Array { items, form } = &self.values[list].content else { return None };
        let all = || items.iter().all(|item| self.is_table(*item));
        items.last().copied().filter(|_| *form == Form::Headed || all())
    }

    fn is_table(&self, id: ValueId) -> bool {
        matches!(self.values[id].content, Content::Table { .. })
    }

    fn form(&self, id: ValueId) -> Option<Form> {
        match self.values[id].content {
            Content::Array { form, .. } | Content::Table { form, .. } => Some(form),
            Content::Scalar(..) => None,
        }
    }
}

/// An empty table.
pub(super) fn table(span: Span, form: Form) -> Value {
    Value { span, content: Content::Table { members: Vec::new(), form } }
}

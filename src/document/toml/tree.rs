//! The tables of a file as they belong together: TOML may write the parts of one table at several
//! places, and may not write one twice.

use std::collections::{BTreeMap, HashMap};

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
    /// Between brackets, of tables only: further tables can be added.
    List,
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
    /// The names in headers, as they are written, and where: go-toml refuses one that it has seen.
    headers: BTreeMap<Box<str>, Span>,
    /// Where the key of a value is written again, on the way to a further part of it.
    again: HashMap<ValueId, Vec<Span>>,
}

/// A key that leads to no table.
struct Blocked {
    key: Span,
    /// Where the key has its value.
    first: Span,
    /// A table to go on with.
    instead: ValueId,
}

impl Blocked {
    /// Reports it, and gives the table to go on with.
    fn report(self, faults: &mut Faults) -> ValueId {
        faults
            .error(self.key, "this is not a table, so it can have no keys")
            .related(self.first, "it has a value here")
            .help("Give one of the two another name.".to_owned());
        self.instead
    }
}

const AGAIN: &str = "The gateway refuses the whole file. Keep one of the two.";

impl Tree {
    pub(super) const ROOT: ValueId = 0;

    pub(super) fn new() -> Self {
        let root = table(Span::default(), Form::Implied);
        Self {
            values: vec![root],
            index: HashMap::new(),
            headers: BTreeMap::new(),
            again: HashMap::new(),
        }
    }

    pub(super) fn value(&self, id: ValueId) -> &Value {
        &self.values[id]
    }

    /// Where the key of the value `id` is written again.
    pub(super) fn again(&self, id: ValueId) -> &[Span] {
        self.again.get(&id).map_or(&[], Vec::as_slice)
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
        let is_list = match &self.values[id].content {
            Content::Array { items, .. } => {
                !items.is_empty() && items.iter().all(|item| self.is_table(*item))
            }
            _ => false,
        };
        let value = &mut self.values[id];
        value.span.end = end.max(value.span.start);
        if let Content::Array { form, .. } | Content::Table { form, .. } = &mut value.content {
            *form = if is_list { Form::List } else { Form::Inline };
        }
    }

    /// Gives the table that the parts `path` lead to from `table` a member.
    pub(super) fn define(
        &mut self,
        table: ValueId,
        path: Vec<Key>,
        key: Key,
        value: ValueId,
        faults: &mut Faults,
    ) {
        let last = path.last().map(|key| key.span);
        let parent = match self.descend(table, path) {
            Ok(parent) => parent,
            Err(blocked) => blocked.report(faults),
        };
        if let Some(span) = last
            && self.form(parent) == Some(Form::Inline)
        {
            self.report_inline(parent, span, faults);
        }
        if let Some((first, _)) = self.member(parent, &key.text) {
            faults
                .error(key.span, "this key is defined twice")
                .related(first, "first defined here")
                .help(AGAIN.to_owned());
        }
        self.insert(parent, key, value);
    }

    /// The same in an inline table that is still open, where nothing is refused: the last of equal
    /// keys wins, and a part that leads to no table leads nowhere.
    pub(super) fn set(&mut self, table: ValueId, path: Vec<Key>, key: Key, value: ValueId) {
        let parent =
            path.into_iter().fold(table, |table, key| self.descend(table, [key]).unwrap_or(table));
        self.insert(parent, key, value);
    }

    /// The table that the parts `path` lead to from the table `from`; it is made if need be.
    fn descend(
        &mut self,
        from: ValueId,
        path: impl IntoIterator<Item = Key>,
    ) -> Result<ValueId, Blocked> {
        let mut table = from;
        for key in path {
            let Some((first, value)) = self.member(table, &key.text) else {
                // go-toml lets what it makes in an inline table be one as well.
                let form = match self.form(table) {
                    Some(Form::Inline) => Form::Inline,
                    _ => Form::Implied,
                };
                let made = self.add(self::table(key.span, form));
                self.insert(table, key, made);
                table = made;
                continue;
            };
            self.again.entry(value).or_default().push(key.span);
            // Through a list of tables the way leads to its last one.
            let next = self.last_table(value).unwrap_or(value);
            if !self.is_table(next) {
                let made = self.add(self::table(key.span, Form::Implied));
                return Err(Blocked { key: key.span, first, instead: made });
            }
            table = next;
        }
        Ok(table)
    }

    /// Reports that something is added to the table `id`, which is between brackets, by the key at
    /// `span`.
    fn report_inline(&self, id: ValueId, span: Span, faults: &mut Faults) {
        faults
            .error(span, "nothing can be added to a table between brackets")
            .related(self.values[id].span, "it is complete here")
            .help("Write what belongs to it between its brackets.".to_owned());
    }

    /// The table of the header `[…]` at `header`, whose name is `path`, written as `name`.
    pub(super) fn header(
        &mut self,
        mut path: Vec<Key>,
        name: &str,
        header: Span,
        faults: &mut Faults,
    ) -> ValueId {
        let Some(key) = path.pop() else { return Self::ROOT };
        let last = key.span;
        let parent = match self.descend(Self::ROOT, path) {
            Ok(parent) => parent,
            Err(blocked) => blocked.report(faults),
        };
        let found = self.member(parent, &key.text);
        let is_list = found.is_some_and(|(_, value)| self.last_table(value).is_some());
        let id = match self.descend(parent, [key]) {
            Ok(id) => id,
            Err(blocked) => return blocked.report(faults),
        };
        if let Some(first) = self.headers.get(name) {
            let message = if is_list {
                "this is a list of tables: its parts are headed `[[…]]`"
            } else {
                "this table is defined twice"
            };
            faults.error(last, message).related(*first, "first defined here").help(AGAIN.into());
            return id;
        }
        self.headers.insert(name.into(), last);
        let value = &mut self.values[id];
        match &mut value.content {
            Content::Table { form: Form::Inline, .. } => self.report_inline(id, last, faults),
            Content::Table { form: form @ Form::Implied, .. } => {
                *form = Form::Headed;
                value.span = header;
            }
            _ => {}
        }
        id
    }

    /// A new item of the list of tables headed `[[…]]` at `header`, whose name is `path`, written as
    /// `name`.
    pub(super) fn list_header(
        &mut self,
        mut path: Vec<Key>,
        name: &str,
        header: Span,
        faults: &mut Faults,
    ) -> ValueId {
        let item = self.add(table(header, Form::Headed));
        let Some(key) = path.pop() else { return item };
        let below = format!("{name}.");
        let names = self.headers.range(Box::from(&*below)..).map(|(name, _)| name);
        let old: Vec<_> = names.take_while(|name| name.starts_with(&below)).cloned().collect();
        for name in old {
            self.headers.remove(&name);
        }
        self.headers.entry(name.into()).or_insert(key.span);
        let parent = match self.descend(Self::ROOT, path) {
            Ok(parent) => parent,
            Err(blocked) => return blocked.report(faults),
        };
        if let Some((first, list)) = self.member(parent, &key.text) {
            self.again.entry(list).or_default().push(key.span);
            if self.last_table(list).is_some() {
                self.append(list, item);
                return item;
            }
            faults
                .error(key.span, "this is not a list of tables")
                .related(first, "it has another value here")
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

    /// Where the last member of `table` with this name has its key, and its value.
    fn member(&self, table: ValueId, name: &str) -> Option<(Span, ValueId)> {
        let at = *self.index.get(&(table, name.into()))?;
        match &self.values[table].content {
            Content::Table { members, .. } => Some((members[at].0.span, members[at].1)),
            _ => None,
        }
    }

    /// The last item of a list that holds tables only.
    fn last_table(&self, list: ValueId) -> Option<ValueId> {
        match &self.values[list].content {
            Content::Array { items, form: Form::Headed | Form::List } => items.last().copied(),
            _ => None,
        }
    }

    pub(super) fn is_table(&self, id: ValueId) -> bool {
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

//! What a file in any repository is taken for: files of other programs give no finding, and what is
//! a configuration, a part of one, or holds one is found and checked.

mod cases;
mod generated;

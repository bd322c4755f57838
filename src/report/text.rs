pub fn clean(t: &str) -> String {
    t.to_owned()
}

//! What the JSON reader promises: it accepts what the gateway accepts, knows every place, names each
//! fault once, and survives anything.

mod agreement;
mod faults;
mod generate;
mod injected;
mod limits;
mod meaning;
mod places;
mod tape;

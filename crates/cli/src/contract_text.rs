//! The text of a contract that a command changes: a person's own spelling and comments stay where they can.

use growset_model::{Event, serial};
use growset_syntax::Input;

/// The text that said `before`, made to say `after`. It is read back among the other files; where it then says anything
/// else, the contract is written anew below the comments that the text begins with.
pub(crate) fn rewritten(inputs: &[Input], text: &str, before: &Event, after: &Event) -> String {
    let own = growset_syntax::rewrite_event(text, before, after);
    own.filter(|text| says(inputs, text, after))
        .unwrap_or_else(|| format!("{}{}", head(text), growset_syntax::write_event(after)))
}

/// Puts a file among the others, in the place of the one of that path.
pub(crate) fn put(inputs: &mut Vec<Input>, path: &str, text: String) {
    match inputs.iter_mut().find(|input| input.path == path) {
        Some(input) => input.bytes = text.into_bytes(),
        None => {
            inputs.push(Input { path: path.to_owned(), shown: path.to_owned(), bytes: text.into_bytes() });
            inputs.sort_by(|left, right| left.path.cmp(&right.path));
        }
    }
}

fn says(inputs: &[Input], text: &str, event: &Event) -> bool {
    let mut inputs = inputs.to_vec();
    put(&mut inputs, &event.source, text.to_owned());
    let catalog = growset_syntax::read(inputs).catalog;
    catalog.events.get(&event.name).is_some_and(|read| serial::event_to_json(read) == serial::event_to_json(event))
}

/// The comments that a file begins with, such as the one that names its schema.
fn head(text: &str) -> String {
    text.lines().take_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

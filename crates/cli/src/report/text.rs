//! For people: rustc's own renderer, which shows the line, the caret and the way out as a patch.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Patch, Renderer, Snippet};
use growset_model::{Diagnostic, FileId, Fix, Place, Severity, Source, Sources};

use crate::check::Checked;
use crate::report::{counted, growth, weights};

/// Lines shown before and after a place, for the renderer to pick from.
const CONTEXT_LINES: usize = 2;

/// Places in one file share a picture when they are this close; farther ones get their own, so that a file of many
/// problems is not copied once for each.
const SHARED_LINES: usize = 40;

/// A longer excerpt is not drawn: nobody reads a line of a megabyte, and the renderer takes its time over it.
const LONGEST_EXCERPT: usize = 8 * 1024;

/// Every problem, then the summary.
pub(super) fn render(checked: &Checked, styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut report = String::new();
    for diagnostic in &checked.diagnostics {
        let groups = groups(&checked.sources, diagnostic);
        report.push_str(&renderer.render(&groups));
        report.push_str("\n\n");
    }
    report.push_str(&summary(checked));
    report.push('\n');
    if let Some(growth) = &checked.growth {
        report.push_str(&growth::lines(growth));
    }
    report
}

/// The last line: what was read, what is wrong, and where to go from here.
pub(crate) fn summary(checked: &Checked) -> String {
    let contracts = counted(checked.catalog.events.len(), "event");
    let types = counted(checked.catalog.types.len(), "type");
    let weights = weights(checked);
    if weights.is_empty() {
        return format!("{contracts}, {types}: no problems");
    }
    let mut summary = weights.join(", ");
    if !checked.is_valid() {
        summary.push_str("; `growset explain <rule>` says more");
    } else {
        summary.push_str(&format!(" in {contracts}, {types}"));
    }
    let certain = checked.diagnostics.iter().filter(|found| found.fixes.iter().any(|fix| fix.certain)).count();
    if certain > 0 {
        summary.push_str(&format!("; `growset fix` mends {certain} of them"));
    }
    summary
}

fn groups<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(shown(&diagnostic.message)).id(diagnostic.rule.id);
    let mut group = Group::with_title(title);
    for picture in pictures(sources, diagnostic) {
        group = group.element(picture);
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(shown(note)));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(shown(help)));
    }
    let mut groups = vec![group];
    groups.extend(diagnostic.fixes.iter().filter_map(|fix| patch(sources, fix)));
    groups
}

/// A mark on a source: where, how heavy, and what is said beside it.
struct Mark<'a> {
    range: Range<usize>,
    kind: AnnotationKind,
    text: &'a str,
}

/// The marked excerpts of a diagnostic: the first holds the caret, with every related place that is near.
fn pictures<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Vec<Element<'a>> {
    let mut marks = vec![(diagnostic.place, AnnotationKind::Primary, diagnostic.label.as_str())];
    marks.extend(diagnostic.related.iter().map(|label| (label.place, AnnotationKind::Context, label.text.as_str())));
    let mut pictures: Vec<(FileId, Range<usize>, Vec<Mark>)> = Vec::new();
    for (place, kind, text) in marks {
        let Some((file, source)) = place.file().and_then(|file| Some((file, sources.file(file)?))) else {
            continue;
        };
        let lines = lines_of(source, &place.range());
        let mark = Mark { range: place.range(), kind, text };
        let near = pictures.iter_mut().find(|(other, taken, _)| {
            let joined = taken.start.min(lines.start)..taken.end.max(lines.end);
            *other == file && joined.len() <= SHARED_LINES
        });
        match near {
            Some((_, taken, marks)) => {
                *taken = taken.start.min(lines.start)..taken.end.max(lines.end);
                marks.push(mark);
            }
            None => pictures.push((file, lines, vec![mark])),
        }
    }
    pictures.into_iter().filter_map(|(file, lines, marks)| Some(picture(sources.file(file)?, lines, marks))).collect()
}

fn picture<'a>(source: &'a Source, lines: Range<usize>, marks: Vec<Mark<'a>>) -> Element<'a> {
    let excerpt = Excerpt::new(source, &lines);
    if excerpt.text.len() > LONGEST_EXCERPT || source.text.is_empty() {
        let (line, column) = source.line_and_column(marks.first().map_or(0, |mark| mark.range.start));
        return Origin::path(source.path.as_str()).line(line).char_column(column).into();
    }
    let annotations = marks.into_iter().map(|mark| -> Annotation<'a> {
        let annotation = mark.kind.span(excerpt.within(&mark.range));
        if mark.text.is_empty() { annotation } else { annotation.label(shown(mark.text)) }
    });
    Snippet::source(excerpt.text)
        .line_start(excerpt.first_line)
        .path(source.path.as_str())
        .annotations(annotations)
        .into()
}

fn patch<'a>(sources: &'a Sources, fix: &'a Fix) -> Option<Group<'a>> {
    let mut by_file: BTreeMap<FileId, Vec<(Place, &str)>> = BTreeMap::new();
    for edit in &fix.edits {
        by_file.entry(edit.place.file()?).or_default().push((edit.place, &edit.text));
    }
    let mut group = Group::with_title(Level::HELP.secondary_title(shown(&fix.title)));
    for (file, edits) in by_file {
        let source = sources.file(file)?;
        let start = edits.iter().map(|(place, _)| place.range().start).min()?;
        let end = edits.iter().map(|(place, _)| place.range().end).max()?;
        let excerpt = Excerpt::new(source, &lines_of(source, &(start..end)));
        if excerpt.text.len() > LONGEST_EXCERPT {
            continue;
        }
        let patches = edits.into_iter().map(|(place, text)| Patch::new(excerpt.within(&place.range()), text));
        group = group.element(
            Snippet::source(excerpt.text).line_start(excerpt.first_line).path(source.path.as_str()).patches(patches),
        );
    }
    Some(group)
}

/// Some whole lines of a source.
struct Excerpt<'a> {
    text: &'a str,
    first_line: usize,
    offset: usize,
}

impl<'a> Excerpt<'a> {
    /// The lines (from one) and a little around them.
    fn new(source: &'a Source, lines: &Range<usize>) -> Self {
        let first_line = lines.start.saturating_sub(CONTEXT_LINES).max(1);
        let offset = source.offset_of_line(first_line);
        let end = source.offset_of_line(lines.end + CONTEXT_LINES);
        Self { text: source.text.get(offset..end).unwrap_or_default(), first_line, offset }
    }

    /// A range of the source as a range of the excerpt, on borders of characters.
    fn within(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(range.start.saturating_sub(self.offset).min(self.text.len()));
        let end = self.text.ceil_char_boundary(range.end.saturating_sub(self.offset).min(self.text.len()));
        start..end.max(start)
    }
}

/// The lines that a range touches, from one, the end exclusive.
fn lines_of(source: &Source, range: &Range<usize>) -> Range<usize> {
    let (first, _) = source.line_and_column(range.start);
    let (last, _) = source.line_and_column(range.end.max(range.start + 1) - 1);
    first..last.max(first) + 1
}

/// Text from a contract may hold control characters that would move the cursor or reorder what is read.
fn shown(text: &str) -> String {
    annotate_snippets::normalize_untrusted_str(text)
}

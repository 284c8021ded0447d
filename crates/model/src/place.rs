//! Where something stands in its source text.

use std::ops::Range;
use std::sync::Arc;

/// Which source file, as an index into [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A byte range in one source file, or nowhere for what no file spells (a catalog read from its serialised form).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    file: Option<FileId>,
    start: u32,
    end: u32,
}

impl Place {
    /// The place of what no source spells.
    pub const NOWHERE: Self = Self { file: None, start: 0, end: 0 };

    /// A place in `file`; `range` counts bytes of its text. Ranges past 4 GiB are cut, which no source reaches.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let start = u32::try_from(range.start).unwrap_or(u32::MAX);
        let end = u32::try_from(range.end).unwrap_or(u32::MAX).max(start);
        Self { file: Some(file), start, end }
    }

    /// The file, unless this is [`Place::NOWHERE`].
    pub fn file(&self) -> Option<FileId> {
        self.file
    }

    /// The byte range in the file's text.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// One source text and the path it is known by, with `/` between segments, as it should be shown.
#[derive(Debug, Clone)]
pub struct Source {
    /// Shown in diagnostics: relative to where the command was started.
    pub path: String,
    /// The text, decoded.
    pub text: Arc<str>,
    line_starts: Vec<u32>,
}

/// A place as people and editors count it: from one, columns in Unicode code points.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The path of the file.
    pub path: String,
    /// From one.
    pub line: usize,
    /// From one, in code points.
    pub column: usize,
}

/// Every source text of a catalog.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a text and answers the id that places refer to it by.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let line_starts =
            std::iter::once(0).chain(breaks.map(|(offset, _)| u32::try_from(offset + 1).unwrap_or(u32::MAX))).collect();
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source { path: path.into(), text, line_starts });
        id
    }

    /// The file behind an id.
    pub fn file(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }

    /// All files in the order they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The text that a place covers.
    pub fn text(&self, place: Place) -> Option<&str> {
        self.file(place.file()?)?.text.get(place.range())
    }

    /// Where a place starts, as people count; nothing for [`Place::NOWHERE`].
    pub fn locate(&self, place: Place) -> Option<Location> {
        let source = self.file(place.file()?)?;
        let (line, column) = source.line_and_column(place.range().start);
        Some(Location { path: source.path.clone(), line, column })
    }

    /// Where a place ends (one past its last character), as people count.
    pub fn locate_end(&self, place: Place) -> Option<Location> {
        let source = self.file(place.file()?)?;
        let (line, column) = source.line_and_column(place.range().end);
        Some(Location { path: source.path.clone(), line, column })
    }
}

impl Source {
    /// Line and column of a byte offset, both from one. An offset past the end is the end.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let line = self.line_starts.partition_point(|&start| start as usize <= offset);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0) as usize;
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count());
        (line.max(1), column + 1)
    }

    /// The byte offset where a line (from one) starts; the end of the text for a line past the last.
    pub fn offset_of_line(&self, line: usize) -> usize {
        let start = self.line_starts.get(line.saturating_sub(1)).copied();
        start.map_or(self.text.len(), |start| (start as usize).min(self.text.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_code_points() {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", "doc: é\nname: x\n");
        let place = Place::new(file, 8..12);
        assert_eq!(sources.text(place), Some("name"));
        assert_eq!(sources.locate(place), Some(Location { path: "a.yaml".into(), line: 2, column: 1 }));
        assert_eq!(sources.locate(Place::new(file, 7..7)).map(|found| found.column), Some(7));
    }

    #[test]
    fn a_line_past_the_last_starts_at_the_end() {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", "ab\ncd");
        let starts = |line| sources.file(file).map(|source| source.offset_of_line(line));
        assert_eq!((starts(1), starts(2), starts(3)), (Some(0), Some(3), Some(5)));
    }

    #[test]
    fn a_place_past_the_end_is_the_end() {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", "ab");
        assert_eq!(sources.locate(Place::new(file, 90..99)).map(|found| found.column), Some(3));
        assert_eq!(sources.locate(Place::NOWHERE), None);
    }
}

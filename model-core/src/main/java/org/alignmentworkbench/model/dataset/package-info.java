/// Reads the data sets that people bring and writes those they take away.
///
/// ```
/// bytes → gzip? → byte-order mark, encoding → JSONL rows | elements of a JSON array | CSV records
///       → strict JSON → one of the shapes in [Shape] → an [Example], or why not
/// ```
///
/// One row at a time, in memory that does not grow with the file but for the numbers by which
/// repeated ids are found, under a hundred bytes a row. Every row comes to a [RowOutcome]:
/// accepted, skipped, or refused with a [Code] and a sentence that names the place. A file that
/// cannot be read to its end is refused as a whole: who imports it must keep nothing of it, which
/// takes two passes.
///
/// Writers make TRL's preference and KTO rows, soft labels for reward models, CSV for spreadsheets
/// and for programs, and Label Studio's tasks; what they write, the readers read again.
@NullMarked
package org.alignmentworkbench.model.dataset;

import org.jspecify.annotations.NullMarked;

/// JSON as RFC 8259 has it and nothing else: what a stranger's file is measured by.
///
/// Lenient parsers take NaN, single quotes, trailing commas, duplicate keys and lone surrogates,
/// and the file then means something else to the next program. This one refuses them, and says in
/// which column. Numbers keep their text, so what is passed through is passed through unchanged.
@NullMarked
package org.alignmentworkbench.model.dataset.json;

import org.jspecify.annotations.NullMarked;

/// Speed, measured beside what people use today: each side in a process of its own, in turns.
///
/// Only ratios of pairs count; a shared machine moves single figures by a third.
@NullMarked
package org.alignmentworkbench.app.bench;

import org.jspecify.annotations.NullMarked;

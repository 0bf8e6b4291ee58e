/// Running a model in plain Java, without an engine: one token after the other over cached keys and
/// values (`DecodeSession`), dense or palettized, with an adapter chosen for each session; and
/// whole texts at once (`SequenceForward`), which also shows what each projection reads.
///
/// A `RuntimeModel` is never changed by its sessions, so any number of them, each with its own
/// adapter or none, may use one base.
@NullMarked
package org.alignmentworkbench.model.runtime;

import org.jspecify.annotations.NullMarked;

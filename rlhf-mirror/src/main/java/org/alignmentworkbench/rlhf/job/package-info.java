/// The jobs of this module and what all jobs share: the queue of runs, the worker that takes turns
/// on a device, strict settings, and the step that advances a training one saved state at a time.
///
/// A run is a row that people see; the worker turns it into an execution of a Spring Batch job
/// whose parameters are the run, its seed and the hash of its settings. Every step commits its
/// figures, the hash of its saved state and its position in one transaction, so a killed process
/// loses at most the unit it was working on.
@NullMarked
package org.alignmentworkbench.rlhf.job;

import org.jspecify.annotations.NullMarked;

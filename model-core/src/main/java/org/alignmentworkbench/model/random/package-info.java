/// Random numbers that depend on what they are for and on nothing else.
///
/// A run draws from streams named by (seed, purpose, step, sample). The n-th number of a stream is
/// a function of those names and n, so the order of work, the number of threads and a restart
/// cannot change it.
@NullMarked
package org.alignmentworkbench.model.random;

import org.jspecify.annotations.NullMarked;

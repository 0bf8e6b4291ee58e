/// What the settings of runs mean: documentation that stands once, at the component of the record,
/// and that the form of a new run shows.
@NullMarked
package org.alignmentworkbench.rlhf.settings;

import org.jspecify.annotations.NullMarked;

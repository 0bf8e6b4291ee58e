/// The labelling desk.
@NullMarked
package org.alignmentworkbench.annotation;

import org.jspecify.annotations.NullMarked;

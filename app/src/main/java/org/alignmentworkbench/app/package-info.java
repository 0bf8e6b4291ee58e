/// The application.
@NullMarked
package org.alignmentworkbench.app;

import org.jspecify.annotations.NullMarked;

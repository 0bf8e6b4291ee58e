/// Training data that people bring: files into datasets, and what of them was left out.
@NullMarked
package org.alignmentworkbench.app.dataset;

import org.jspecify.annotations.NullMarked;

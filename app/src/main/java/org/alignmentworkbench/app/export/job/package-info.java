/// The job that writes models for other programs, and what it wrote.
@NullMarked
package org.alignmentworkbench.app.export.job;

import org.jspecify.annotations.NullMarked;

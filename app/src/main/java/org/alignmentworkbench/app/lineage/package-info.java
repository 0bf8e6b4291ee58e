/// Walks from an artefact to what made it and to what it made.
@NullMarked
package org.alignmentworkbench.app.lineage;

import org.jspecify.annotations.NullMarked;

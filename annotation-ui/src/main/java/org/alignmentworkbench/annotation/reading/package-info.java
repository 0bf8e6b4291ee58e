/// How an annotator reads: texts of people and models as safe markup or as they are, conversations
/// in turns, the words in which two answers differ, and each person's own way of reading.
@NullMarked
package org.alignmentworkbench.annotation.reading;

import org.jspecify.annotations.NullMarked;

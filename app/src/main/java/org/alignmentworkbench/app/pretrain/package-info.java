/// How the shipped base model is made: a vocabulary and a small decoder trained on nothing but text
/// that this project generates.
///
/// A recipe fixes everything that decides the weights: the corpus' seed, the vocabulary, the shape,
/// the schedule. The same recipe gives the same files on the same kind of processor, also when the
/// training was killed and went on from its checkpoint. No alignment happens here, and nothing here
/// ever sees a prompt of the held-out split.
@NullMarked
package org.alignmentworkbench.app.pretrain;

import org.jspecify.annotations.NullMarked;

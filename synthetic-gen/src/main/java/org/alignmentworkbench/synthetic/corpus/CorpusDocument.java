package org.alignmentworkbench.synthetic.corpus;

import java.util.List;
import org.alignmentworkbench.synthetic.task.Facts;

/// One document: a conversation, to be put into the chat template, or plain text.
public sealed interface CorpusDocument {

  /// The scenes that occur in it.
  List<Facts> scenes();

  /// All its words without roles, for training a vocabulary.
  String text();

  /// Messages of a user and an assistant in turn.
  record Conversation(List<Turn> turns, List<Facts> scenes) implements CorpusDocument {
    public Conversation {
      turns = List.copyOf(turns);
      scenes = List.copyOf(scenes);
    }

    @Override
    public String text() {
      return String.join("\n", turns.stream().map(Turn::content).toList());
    }
  }

  /// Text without roles.
  record Note(String text, List<Facts> scenes) implements CorpusDocument {
    public Note {
      scenes = List.copyOf(scenes);
    }
  }

  /// One message of a conversation; the role is "user" or "assistant".
  record Turn(String role, String content) {
    static Turn user(String content) {
      return new Turn("user", content);
    }

    static Turn assistant(String content) {
      return new Turn("assistant", content);
    }
  }
}

package org.alignmentworkbench.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class QueueHealthIT {
  private static final Grades GOOD = new Grades(2, 2, 2, 2);

  @AutoClose
  private static final RunningServer SERVER = new RunningServer("--workbench.worker=false");

  private static String queue(Browser admin) {
    return Jsoup.parse(admin.get("/admin").body()).select("#queues tbody tr").text();
  }

  @Test
  void the_page_says_what_keeps_a_queue_from_moving() {
    SERVER.person("boss", Role.ADMIN);
    Person ada = SERVER.person("ada", Role.ANNOTATOR);
    TestProject project = TestProject.create(SERVER.database().jdbc(), 2);
    project.makeTasks(SERVER.database().jdbc(), 1);
    MembershipRepository memberships = SERVER.bean(MembershipRepository.class);
    memberships.set(project.id(), true, null, List.of());
    Browser admin = SERVER.signedIn("boss");
    assertThat(queue(admin)).contains("nobody may label");
    memberships.addPerson(project.id(), "ada", null);
    assertThat(queue(admin)).contains("nobody is labelling");
    for (String expected : new String[] {"moving", "all there"}) {
      Instant now = Instant.now();
      long slot =
          ((Claimed)
                  SERVER
                      .bean(Queue.class)
                      .claim(project.id(), ada.id(), now, Duration.ofMinutes(5)))
              .slot()
              .slotId();
      SERVER
          .bean(Queue.class)
          .submit(
              new Submission(slot, ada.id(), UUID.randomUUID(), 1, GOOD, GOOD, "", 1000, 1, false),
              now);
      assertThat(queue(admin)).contains(expected);
    }
  }
}

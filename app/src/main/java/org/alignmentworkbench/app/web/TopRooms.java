package org.alignmentworkbench.app.web;

import java.util.Set;
import org.alignmentworkbench.annotation.page.Room;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The application's links in the top bar. Who may enter is decided in the table of rules; these
/// sets only keep a closed door from being shown.
@Configuration(proxyBeanMethods = false)
class TopRooms {
  private static final Set<String> LOOKING = Set.of("ADMIN", "LEAD", "ENGINEER", "VIEWER");

  @Bean
  Room projectsRoom() {
    return new Room("projects", "/projects", "room.projects", 20, LOOKING);
  }

  @Bean
  Room runsRoom() {
    return new Room("runs", "/runs", "room.runs", 30, LOOKING);
  }

  @Bean
  Room playgroundRoom() {
    return new Room(
        "playground", "/playground", "room.playground", 40, Set.of("ADMIN", "LEAD", "ENGINEER"));
  }

  @Bean
  Room invitationsRoom() {
    return new Room("invitations", "/invitations", "room.invitations", 80, Set.of("ADMIN", "LEAD"));
  }

  @Bean
  Room adminRoom() {
    return new Room("admin", "/admin", "room.admin", 90, Set.of("ADMIN"));
  }
}

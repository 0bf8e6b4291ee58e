package org.alignmentworkbench.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;

/// The arrows between modules and the line at which Spring and SQL stop.
@AnalyzeClasses(
    packages = "org.alignmentworkbench",
    importOptions = ArchitectureTest.ProductAlone.class)
class ArchitectureTest {
  private static final String ROOT = "org.alignmentworkbench.";

  /// No tests: neither a module's test classes nor the jars of them that other modules' tests use.
  static final class ProductAlone implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule model_core_knows_java_djl_and_json_alone =
      classes()
          .that()
          .resideInAPackage(ROOT + "model..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  ROOT + "model..", "java..", "ai.djl..", "org.jspecify..", "com.google.gson.."))
          .because("the core is taken into programs that have neither Spring nor a database");

  @ArchTest
  static final ArchRule statistics_and_dataset_readers_know_java_alone =
      classes()
          .that()
          .resideInAnyPackage(
              ROOT + "model.statistics..",
              ROOT + "model.agreement..",
              ROOT + "model.ranking..",
              ROOT + "model.dataset..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  ROOT + "model.statistics..",
                  ROOT + "model.agreement..",
                  ROOT + "model.ranking..",
                  ROOT + "model.dataset..",
                  ROOT + "model.random..",
                  "java..",
                  "org.jspecify.."))
          .because("the desk uses them, and loads no engine for it");

  @ArchTest
  static final ArchRule the_database_module_knows_no_model =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "db..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  ROOT + "model..",
                  ROOT + "synthetic..",
                  ROOT + "rlhf..",
                  ROOT + "sft..",
                  ROOT + "annotation..",
                  ROOT + "app.."))
          .because("every other module stands on it");

  @ArchTest
  static final ArchRule arrows_point_from_tasks_to_core =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "synthetic..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  ROOT + "rlhf..", ROOT + "sft..", ROOT + "annotation..", ROOT + "app.."));

  @ArchTest
  static final ArchRule arrows_point_from_preferences_to_tasks =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "rlhf..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(ROOT + "sft..", ROOT + "annotation..", ROOT + "app.."));

  @ArchTest
  static final ArchRule arrows_point_from_the_committee_to_preferences =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "sft..")
          .should()
          .dependOnClassesThat(resideInAnyPackage(ROOT + "annotation..", ROOT + "app.."));

  @ArchTest
  static final ArchRule the_desk_knows_the_database_and_the_core =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "annotation..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  ROOT + "synthetic..",
                  ROOT + "rlhf..",
                  ROOT + "sft..",
                  ROOT + "app..",
                  "ai.djl.."))
          .because("a live model reaches the desk only through a port that the application wires");

  @ArchTest
  static final ArchRule algorithms_know_no_spring_and_no_sql =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + "synthetic..", ROOT + "rlhf..", ROOT + "sft..")
          .and()
          .resideOutsideOfPackage("..job..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "org.springframework..", "java.sql..", "javax.sql..", ROOT + "db.."))
          .because("formulas are tested and reused without a container");

  @ArchTest
  static final ArchRule features_are_free_of_cycles_in_the_core =
      slices().matching(ROOT + "model.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule features_are_free_of_cycles_elsewhere =
      slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule names_say_what_differs =
      noClasses()
          .should()
          .haveNameMatching(".*(Impl|Utils?|Helper|Manager)")
          .because("such names gather what has no home; name the idea instead");

  @ArchTest
  static final ArchRule beans_come_through_constructors =
      noFields().should().beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired");

  @ArchTest
  static final ArchRule randomness_is_counter_based =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "app..")
          .should()
          .dependOnClassesThat(
              assignableTo(Random.class).and(not(assignableTo(SecureRandom.class))))
          .because("the order of work and a restart must not change what is drawn");

  @ArchTest
  static final ArchRule the_wall_clock_is_a_parameter =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "app..")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .because("tests turn the clock, and settings have one door");

  @ArchTest
  static final ArchRule jobs_are_defined_in_classes_named_for_them =
      methods()
          .that()
          .haveRawReturnType("org.springframework.batch.core.job.Job")
          .and()
          .areAnnotatedWith("org.springframework.context.annotation.Bean")
          .should()
          .beDeclaredInClassesThat(
              resideInAPackage("..job..")
                  .and(
                      com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith(
                          "Job")))
          .allowEmptyShould(true)
          .because("a job's configuration reads as its procedure");
}

package dev.tale;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each package uses only packages above it in this list. */
class ArchitectureTest {
  private static final List<String> PACKAGES =
      List.of(
          "dev.tale.model",
          "dev.tale.data",
          "dev.tale.math",
          "dev.tale.task",
          "dev.tale.benchmark",
          "dev.tale.stats",
          "dev.tale.evaluate",
          "dev.tale.policy",
          "dev.tale.search",
          "dev.tale.report",
          "dev.tale");

  @Test
  void packagesUseOnlyThoseAboveThem() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.tale");
    LayeredArchitecture architecture = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String name : PACKAGES) {
      architecture = architecture.layer(name).definedBy(name);
    }
    for (int i = 0; i < PACKAGES.size(); i++) {
      String[] below = PACKAGES.subList(i + 1, PACKAGES.size()).toArray(String[]::new);
      architecture =
          below.length == 0
              ? architecture.whereLayer(PACKAGES.get(i)).mayNotBeAccessedByAnyLayer()
              : architecture.whereLayer(PACKAGES.get(i)).mayOnlyBeAccessedByLayers(below);
    }
    architecture.check(classes);
  }
}

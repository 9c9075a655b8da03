package dev.tale.testing;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;

/** The rule that each package uses only packages before it in a list. */
public final class PackageOrder {
  private PackageOrder() {}

  /** Returns the rule for some packages, the one that uses none of the others first. */
  public static ArchRule of(List<String> packages) {
    LayeredArchitecture architecture = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String name : packages) {
      architecture = architecture.layer(name).definedBy(name);
    }
    for (int i = 0; i < packages.size(); i++) {
      String[] after = packages.subList(i + 1, packages.size()).toArray(String[]::new);
      architecture =
          after.length == 0
              ? architecture.whereLayer(packages.get(i)).mayNotBeAccessedByAnyLayer()
              : architecture.whereLayer(packages.get(i)).mayOnlyBeAccessedByLayers(after);
    }
    return architecture;
  }
}

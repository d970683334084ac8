package dev.herald.docs;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The problem types of the hub. By reflection, since the type is no API and must be found wherever it lives. */
public final class ProblemTypes {
    private ProblemTypes() {}

    /** Status of each type, by its name in a document. */
    public static Map<String, String> statusByName() throws ReflectiveOperationException {
        Class<?> type = MainClasses.stream()
                .filter(found -> found.getSimpleName().equals("ProblemType"))
                .findFirst()
                .orElseThrow()
                .reflect();
        Method status = type.getDeclaredMethod("status");
        status.setAccessible(true);
        Map<String, String> types = new HashMap<>();
        for (Object constant : type.getEnumConstants()) {
            String name = ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
            types.put(name, status.invoke(constant).toString());
        }
        return types;
    }
}

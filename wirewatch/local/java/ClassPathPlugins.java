package org.elasticsearch.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.env.Environment;

/**
 * Plugins from the class path, where Elasticsearch 9 looks for each in a folder of its own.
 *
 * <p>In this package because a loaded plugin can only be made here.
 */
public final class ClassPathPlugins extends PluginsService {
    private final List<LoadedPlugin> plugins = new ArrayList<>();

    public ClassPathPlugins(Environment environment, PluginsLoader none, List<Plugin> instances) {
        super(environment.settings(), environment.configDir(), none);
        for (Plugin instance : instances) {
            plugins.add(
                    new LoadedPlugin(
                            descriptor(instance.getClass()), instance, instance.getClass().getClassLoader()));
        }
    }

    /** A loader that finds nothing. */
    public static PluginsLoader none() {
        return PluginsLoader.createPluginsLoader(Set.of(), Set.of(), Map.of(), false);
    }

    @Override
    protected List<LoadedPlugin> plugins() {
        return plugins == null ? List.of() : plugins;
    }

    private static PluginDescriptor descriptor(Class<?> plugin) {
        String unsaid = "";
        return new PluginDescriptor(
                plugin.getSimpleName(),
                unsaid,
                unsaid,
                unsaid,
                unsaid,
                plugin.getName(),
                null,
                List.of(),
                false,
                false,
                false,
                false,
                PluginDescriptor.DeploymentTarget.ALL);
    }
}

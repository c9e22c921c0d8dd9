package hudson.util;

import com.thoughtworks.xstream.converters.MarshallingContext;
import com.thoughtworks.xstream.converters.reflection.ReflectionConverter;
import com.thoughtworks.xstream.converters.reflection.ReflectionProvider;
import com.thoughtworks.xstream.io.HierarchicalStreamWriter;
import com.thoughtworks.xstream.mapper.Mapper;
import hudson.PluginWrapper;
import jenkins.model.Jenkins;

/** Writes {@code plugin="name@version"} on the elements of objects whose class is a plugin's. */
final class PluginAwareConverter extends ReflectionConverter {

    PluginAwareConverter(Mapper mapper, ReflectionProvider provider) {
        super(mapper, provider);
    }

    @Override
    public void marshal(Object object, HierarchicalStreamWriter writer, MarshallingContext context) {
        PluginWrapper plugin = owner(object);
        boolean outermost = plugin != null && context.get(plugin) == null;
        if (outermost) {
            writer.addAttribute("plugin", plugin.getShortName() + "@" + plugin.getVersion());
            context.put(plugin, true);
        }
        super.marshal(object, writer, context);
        if (outermost) {
            context.put(plugin, null);
        }
    }

    private static PluginWrapper owner(Object object) {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        return jenkins == null ? null : jenkins.getPluginManager().whichPlugin(object.getClass());
    }
}

package hudson.util;

import com.thoughtworks.xstream.converters.ConversionException;
import com.thoughtworks.xstream.converters.UnmarshallingContext;
import com.thoughtworks.xstream.converters.collections.CollectionConverter;
import com.thoughtworks.xstream.io.HierarchicalStreamReader;
import com.thoughtworks.xstream.mapper.CannotResolveClassException;
import com.thoughtworks.xstream.mapper.Mapper;
import java.util.Collection;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Leaves out the items that cannot be read, such as a user's properties of a plugin that is gone. */
final class RobustCollectionConverter extends CollectionConverter {
    private static final Logger LOGGER = Logger.getLogger(RobustCollectionConverter.class.getName());

    RobustCollectionConverter(Mapper mapper) {
        super(mapper);
    }

    @Override
    @SuppressWarnings("unchecked")
    protected void addCurrentElementToCollection(
            HierarchicalStreamReader reader, UnmarshallingContext context, Collection collection,
            Collection target) {
        try {
            target.add(readBareItem(reader, context, collection));
        } catch (ConversionException | CannotResolveClassException e) {
            LOGGER.log(Level.WARNING, "An item could not be read and is left out", e);
        }
    }
}

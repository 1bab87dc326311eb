import { describe, expect, test } from '@jest/globals';
import { parseMetadata, toCrmSchema } from '../../../src/connectors/creatio/metadata.ts';

const edmx = (types: string, sets: string) => `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:DataServices>
    <Schema Namespace="Terrasoft.Configuration.OData" xmlns="http://docs.oasis-open.org/odata/ns/edm">${types}</Schema>
    <Schema Namespace="Default" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <EntityContainer Name="Container">${sets}</EntityContainer>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>`;

const type = (name: string, inner: string) =>
  `<EntityType Name="${name}"><Key><PropertyRef Name="Id" /></Key><Property Name="Id" Type="Edm.Guid" Nullable="false" />${inner}</EntityType>`;
const set = (name: string, of = name) =>
  `<EntitySet Name="${name}" EntityType="Terrasoft.Configuration.OData.${of}" />`;

describe('$metadata', () => {
  test('lists columns with their types and longest texts', () => {
    const xml = edmx(
      type(
        'Contact',
        `<Property Name="Name" Type="Edm.String" MaxLength="250" /><Property Name="Notes" Type="Edm.String" MaxLength="max" />
         <Property Name="Age" Type="Edm.Int32" /><Property Name="Confirmed" Type="Edm.Boolean" />
         <Property Name="BirthDate" Type="Edm.DateTimeOffset" /><Property Name="Data" Type="Edm.Stream" />`,
      ),
      set('Contact'),
    );
    const contact = toCrmSchema(parseMetadata(xml))['Contact'];
    expect(contact?.['Name']).toEqual({ name: 'Name', type: 'text', lookup: null, maxLength: 250 });
    expect(contact?.['Notes']?.maxLength).toBeNull();
    const types = Object.values(contact ?? {}).map((column) => column.type);
    expect(types).toEqual(['guid', 'text', 'text', 'number', 'boolean', 'dateTime', 'other']);
  });

  test('ties the GUID column of a lookup to its navigation property, by constraint or by name', () => {
    const xml = edmx(
      type('Contact', '') +
        type(
          'UsrWebitelUser',
          `<Property Name="UsrContactId" Type="Edm.Guid" /><Property Name="UsrUserKey" Type="Edm.Guid" />
           <Property Name="UsrTokenId" Type="Edm.Guid" />
           <NavigationProperty Name="UsrContact" Type="Terrasoft.Configuration.OData.Contact" />
           <NavigationProperty Name="UsrUser" Type="Terrasoft.Configuration.OData.Unit">
             <ReferentialConstraint Property="UsrUserKey" ReferencedProperty="Id" />
           </NavigationProperty>
           <NavigationProperty Name="LinksCollectionByUsrUser" Type="Collection(Terrasoft.Configuration.OData.Contact)" />`,
        ),
      set('Contact') + set('UsrWebitelUser') + set('SysAdminUnit', 'Unit'),
    );
    const columns = parseMetadata(xml).get('UsrWebitelUser')?.byName;
    expect(columns?.get('UsrContactId')).toMatchObject({ lookup: 'Contact', navigation: 'UsrContact' });
    expect(columns?.get('UsrUserKey')).toMatchObject({ lookup: 'SysAdminUnit', navigation: 'UsrUser' });
    expect(columns?.get('UsrTokenId')).toMatchObject({ lookup: null, navigation: null });
    expect(columns?.has('LinksCollectionByUsrUser')).toBe(false);
  });

  test('is refused with a cure when it is a web page, broken or empty', () => {
    for (const text of ['<html><body>Login</body></html>', '<edmx:Edmx><edmx', '', edmx('', '')]) {
      expect(() => parseMetadata(text)).toThrow(expect.objectContaining({ code: 'CONTRACT' }));
    }
  });
});

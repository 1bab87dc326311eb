/** English given names; after a colon the short forms. No surname below is among them. */
const MALE = `
William:Bill,Will Robert:Bob,Rob Richard:Rick,Dick Charles:Charlie Edmund:Eddie Kenneth:Ken Steven:Steve Brian:
Ronald:Ron Timothy:Tim Jason: Jeffrey:Jeff Ryan: Jacob:Jake Gary: Jonathan:Jon Larry: Justin: Frank: Brandon: Gregory:Greg
Samuel:Sam Benjamin:Ben Patrick:Pat Jack: Dennis: Jerry: Tyler: Aaron: Nathan:Nate Douglas:Doug Zachary:Zach Kyle: Walter:
Harold:Hal Jeremy: Roger: Keith: Terence:Terry Gerald: Sean: Arnold: Christian: Albert:Al Joe: Ethan: Wayne: Noah: Randy:
Philip:Phil Ralph: Bruce: Eugene:Gene Louis: Stuart: Alan: Clive: Graham: Nigel:`;
const FEMALE = `
Patricia:Pat Jennifer:Jen,Jenny Linda: Barbara:Barb Susan:Sue Jessica:Jess Karen: Nancy: Betty: Ashley: Kimberly:Kim Emily:
Donna: Michelle: Carol: Amanda:Mandy Dorothy:Dot Melissa: Deborah:Debbie Stephanie:Steph Rebecca:Becky Sharon: Laura:
Cynthia:Cindy Kathleen:Kathy Amy: Shirley: Angela:Angie Brenda: Pamela:Pam Emma: Nicole: Samantha: Katherine:Kate Christine:
Debra: Rachel: Carolyn: Janet: Heather: Diane: Ruth: Julie: Joyce: Virginia:Ginny Megan: Hannah: Jacqueline:Jackie Joan:
Evelyn: Judith:Judy Cheryl: Andrea: Beverly:Bev Denise: Marilyn: Charlotte: Doris: Teresa: Gloria: Fiona: Gillian:Gill`;
const SURNAMES = `
Smith Johnson Williams Brown Jones Miller Davies Wilson Anderson Taylor Moore Jackson White Harris Thompson Garrison Robinson
Clarke Rodgers Leigh Hall Allenby Youngman Hernandez Kingsley Wright Lopez Hillman Greene Adams Bakerson Nelson Carter
Mitchell Perez Roberts Turner Phillips Campbell Parker Evans Edwards Collins Stewart Sanchez Morris Rogers Reed Cookson
Morgan Bell Murphy Bailey Rivera Cooper Richardson Cox Howardson Ward Peterson Gray Ramirez Watson Brooks Sanders Price
Bennett Wood Barnes Ross Henderson Coleman Jenkins Perry Powell Long Pattersen Hughes Washington Butler Simmons Foster
Gonzales Bryant Griffin Diaz Hayes Myers Fordham Hamilton Sullivan Wallace Woods Cole West Jordanson Owens Reynolds Fisher
Ellison Harrison Gibson McDonald Cruz Marshall Ortiz Gomez Murray Freeman Wells Webb Simpson Stevens Tucker Porter Hunter
Hicks Crawford Boyd Mason Morales Kennedy Warren Dixon Ramos Burns Holmes Rice Robertson Hunt Blackwell Knight Ferguson
O'Brien O'Connor O'Neill O'Reilly O'Sullivan D'Arcy Fitzgerald Fletcher Goddard Hargreaves Whitaker Winterbourne Ashworth`;

export interface EnglishGiven {
  name: string;
  diminutives: readonly string[];
}

function parse(table: string): EnglishGiven[] {
  return table
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [name = '', short = ''] = entry.split(':');
      return { name, diminutives: short.split(',').filter(Boolean) };
    });
}

export const maleEnglish = (): EnglishGiven[] => parse(MALE);
export const femaleEnglish = (): EnglishGiven[] => parse(FEMALE);
export const englishSurnames = (): string[] => SURNAMES.trim().split(/\s+/);
